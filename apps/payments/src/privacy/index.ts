import { personalData } from './personal-data';

export const privacy = personalData;
