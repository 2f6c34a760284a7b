/*
 * What mails say, in the languages that Lyceum has. `{name}` is a detail of the mail; `{link}` and `{code}` are
 * the way to prove that it was read. Details are people's own words: they are escaped in HTML, and flattened to
 * one line in the text.
 */

import { noticeTemplates } from './notice-templates';

export const mailLocales = ['en', 'zh-CN'] as const;
export type MailLocale = (typeof mailLocales)[number];

interface Words {
  readonly subject: string;
  readonly text: string;
  /** What the button says. Without one, the mail has no link. */
  readonly action?: string;
}

const templates = {
  'verify-email': {
    en: {
      subject: 'Confirm your e-mail address',
      text: 'Hello {name}, please confirm that this is your address. The link works for three days.',
      action: 'Confirm the address',
    },
    'zh-CN': {
      subject: '请确认您的邮箱地址',
      text: '{name}，您好！请确认这是您的邮箱。链接三天内有效。',
      action: '确认邮箱',
    },
  },
  'reset-password': {
    en: {
      subject: 'Choose a new password',
      text: 'Hello {name}, someone asked for a new password for your account. If it was you, choose one within an hour. If not, ignore this mail: nothing has changed.',
      action: 'Choose a password',
    },
    'zh-CN': {
      subject: '设置新密码',
      text: '{name}，您好！有人为您的账户申请了新密码。如果是您本人，请在一小时内设置；如果不是，请忽略本邮件，账户没有任何变化。',
      action: '设置密码',
    },
  },
  'leave-email': {
    en: {
      subject: 'Confirm that your address changes',
      text: 'Hello {name}, your account is about to move from this address to {newEmail}. Confirm it here, and at the new address, within a day. If this was not you, change your password.',
      action: 'Confirm the change',
    },
    'zh-CN': {
      subject: '请确认更换邮箱',
      text: '{name}，您好！您的账户将从此邮箱更换到 {newEmail}。请在一天内分别在此处和新邮箱中确认。如果不是您本人操作，请修改密码。',
      action: '确认更换',
    },
  },
  'enter-email': {
    en: {
      subject: 'Confirm your new address',
      text: 'Hello {name}, please confirm within a day that your account moves to this address.',
      action: 'Confirm the new address',
    },
    'zh-CN': {
      subject: '请确认新邮箱',
      text: '{name}，您好！请在一天内确认将账户更换到此邮箱。',
      action: '确认新邮箱',
    },
  },
  'claim-account': {
    en: {
      subject: 'Take over your account',
      text: 'Hello {name}, your contributions were brought here from another site, and {inviter} invites you to take over the account that holds them. The link works for a week.',
      action: 'Take over the account',
    },
    'zh-CN': {
      subject: '认领您的账户',
      text: '{name}，您好！您在其他网站上的内容已迁移至此，{inviter} 邀请您认领对应的账户。链接一周内有效。',
      action: '认领账户',
    },
  },
  'password-changed': {
    en: {
      subject: 'Your password was changed',
      text: 'Hello {name}, the password of your account was changed, and other devices were logged out. If this was not you, reset your password now.',
    },
    'zh-CN': {
      subject: '您的密码已修改',
      text: '{name}，您好！您的账户密码已修改，其他设备均已退出登录。如果不是您本人操作，请立即重置密码。',
    },
  },
  'email-changed': {
    en: {
      subject: 'Your address was changed',
      text: 'Hello {name}, your account now uses another e-mail address.',
    },
    'zh-CN': {
      subject: '您的邮箱已更换',
      text: '{name}，您好！您的账户现在使用新的邮箱地址。',
    },
  },
  'session-stolen': {
    en: {
      subject: 'A device was logged out for safety',
      text: 'Hello {name}, a session that began on {startedAt} ({device}) was ended, because its token was used twice: it may have been copied. Log in again; if you did not use that device, change your password.',
    },
    'zh-CN': {
      subject: '为了安全，一台设备已退出登录',
      text: '{name}，您好！{startedAt} 开始的会话（{device}）已被终止：其令牌被重复使用，可能已被复制。请重新登录；如果您没有使用过该设备，请修改密码。',
    },
  },
  'account-deactivated': {
    en: {
      subject: 'Your account was deactivated',
      text: 'Hello {name}, your account is deactivated and all devices were logged out. You can bring it back at any time with your password.',
    },
    'zh-CN': {
      subject: '您的账户已停用',
      text: '{name}，您好！您的账户已停用，所有设备均已退出登录。您可以随时用密码恢复账户。',
    },
  },
  'security-changed': {
    en: {
      subject: 'The security of your account was changed',
      text: 'Hello {name}, this was changed on your account: {change}. If it was not you, reset your password now.',
    },
    'zh-CN': {
      subject: '您账户的安全设置已更改',
      text: '{name}，您好！您的账户有以下更改：{change}。如果不是您本人操作，请立即重置密码。',
    },
  },
  ...noticeTemplates,
} as const satisfies Record<string, Record<MailLocale, Words>>;

/** What `{change}` of `security-changed` can be. */
const changes: Readonly<Record<string, Record<MailLocale, string>>> = {
  'token-created': { en: 'a token for programs was made', 'zh-CN': '创建了程序访问令牌' },
  'second-factor-on': { en: 'a second factor was added', 'zh-CN': '启用了两步验证' },
  'second-factor-off': { en: 'the second factor was removed', 'zh-CN': '关闭了两步验证' },
  'recovery-code-used': { en: 'a recovery code was used', 'zh-CN': '使用了恢复码' },
  'passkey-added': { en: 'a passkey was added', 'zh-CN': '添加了通行密钥' },
  'passkey-removed': { en: 'a passkey was removed', 'zh-CN': '移除了通行密钥' },
  'login-linked': { en: 'a log-in by another site was added', 'zh-CN': '关联了第三方登录' },
};

export type MailTemplate = keyof typeof templates;

export const isMailTemplate = (name: string): name is MailTemplate =>
  Object.hasOwn(templates, name);

/** The language of mails that fits a locale best. */
export const mailLocaleOf = (locale: string): MailLocale =>
  locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';

export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What the reader can do with the mail. */
export interface MailAction {
  readonly link: string;
  /** The token alone, for apps that no link opens. */
  readonly code: string;
}

export const renderMail = (
  mail: {
    readonly template: MailTemplate;
    readonly locale: MailLocale;
    readonly details: Readonly<Record<string, string>>;
  },
  action: MailAction | null,
): MailContent => {
  const words: Words = templates[mail.template][mail.locale];
  const fill = (text: string, show: (detail: string) => string): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => show(detailOf(mail, name)));
  const body = fill(words.text, oneLine);
  const button = words.action ?? '';
  const isActed = action !== null && words.action !== undefined;
  return {
    subject: fill(words.subject, oneLine),
    text: isActed ? `${body}\n\n${button}: ${action.link}\n\n${action.code}\n` : `${body}\n`,
    html: [
      `<!doctype html><html lang="${mail.locale}"><body style="font-family:sans-serif">`,
      `<p>${fill(escapeHtml(words.text), (detail) => escapeHtml(oneLine(detail)))}</p>`,
      isActed
        ? `<p><a href="${escapeHtml(action.link)}">${escapeHtml(button)}</a></p><p><code>${escapeHtml(action.code)}</code></p>`
        : '',
      '</body></html>',
    ].join(''),
  };
};

const detailOf = (
  { details, locale }: { details: Readonly<Record<string, string>>; locale: MailLocale },
  name: string,
): string => {
  const detail = details[name] ?? '';
  if (name === 'at') return momentOf(detail, { locale, zone: details['zone'] ?? 'UTC' });
  return name === 'change' ? (changes[detail]?.[locale] ?? detail) : detail;
};

const momentOf = (
  at: string,
  { locale, zone }: { readonly locale: MailLocale; readonly zone: string },
): string =>
  new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: zone,
  }).format(new Date(at));

const oneLine = (text: string): string => text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
