module.exports = { ...require('./jest.preset.js'), rootDir: __dirname, roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'] };
