/** What mails say about subscriptions, trials and alerts; `{at}` is a moment, shown in `zone`. */
export const noticeTemplates = {
  'subscription-trial-ending': {
    en: {
      subject: 'Your free trial is about to end',
      text: 'Hello {name}, your free trial in {community} ends on {at}. Then the first period is charged, unless you cancel before.',
    },
    'zh-CN': {
      subject: '您的免费试用即将结束',
      text: '{name}，您好！您在 {community} 的免费试用将于 {at} 结束，届时将收取首期费用；如不需要，请提前取消。',
    },
  },
  'subscription-renewal-upcoming': {
    en: {
      subject: 'Your subscription is about to be renewed',
      text: 'Hello {name}, your subscription in {community} is renewed on {at}, and charged then. Until that moment you can cancel it.',
    },
    'zh-CN': {
      subject: '您的订阅即将续期',
      text: '{name}，您好！您在 {community} 的订阅将于 {at} 续期并扣费，在此之前您可以取消。',
    },
  },
  'subscription-payment-failed': {
    en: {
      subject: 'A payment for your subscription failed',
      text: 'Hello {name}, the payment for your subscription in {community} failed on {at}. It is tried again; please look at your way to pay.',
    },
    'zh-CN': {
      subject: '您的订阅付款失败',
      text: '{name}，您好！您在 {community} 的订阅于 {at} 付款失败，系统会再次尝试，请检查您的付款方式。',
    },
  },
  'subscription-ended': {
    en: {
      subject: 'Your subscription has ended',
      text: 'Hello {name}, your subscription in {community} ended on {at}. Nothing more is charged.',
    },
    'zh-CN': {
      subject: '您的订阅已结束',
      text: '{name}，您好！您在 {community} 的订阅已于 {at} 结束，不会再扣费。',
    },
  },
  'subscription-paused': {
    en: {
      subject: 'Your subscription is paused',
      text: 'Hello {name}, your subscription in {community} is paused since {at}. Nothing is charged until it is resumed.',
    },
    'zh-CN': {
      subject: '您的订阅已暂停',
      text: '{name}，您好！您在 {community} 的订阅自 {at} 起暂停，恢复之前不会扣费。',
    },
  },
  'subscription-resumed': {
    en: {
      subject: 'Your subscription goes on',
      text: 'Hello {name}, your subscription in {community} goes on since {at}.',
    },
    'zh-CN': {
      subject: '您的订阅已恢复',
      text: '{name}，您好！您在 {community} 的订阅已于 {at} 恢复。',
    },
  },
  'trial-ended': {
    en: {
      subject: 'Your trial is over',
      text: 'Hello {name}, your trial in {community} ended on {at}. What you wrote stays; what members pay for is closed again.',
    },
    'zh-CN': {
      subject: '您的试用已结束',
      text: '{name}，您好！您在 {community} 的试用已于 {at} 结束。您发布的内容会保留，付费内容不再开放。',
    },
  },
  'alert-began': {
    en: {
      subject: 'Alert: {alert}',
      text: 'Hello {name}, your alert “{alert}” in {community} began: {reason} You get these mails because you set the alert; delete it to get no more.',
    },
    'zh-CN': {
      subject: '告警：{alert}',
      text: '{name}，您好！您在 {community} 设置的告警“{alert}”已触发：{reason} 您收到此邮件是因为您设置了该告警，删除告警即可不再接收。',
    },
  },
  'alert-over': {
    en: {
      subject: 'Over: {alert}',
      text: 'Hello {name}, your alert “{alert}” in {community} is over: {reason}',
    },
    'zh-CN': {
      subject: '告警解除：{alert}',
      text: '{name}，您好！您在 {community} 设置的告警“{alert}”已解除：{reason}',
    },
  },
} as const;
