import { mailNotices } from './mail-notices.consumer';

export const notices = { consumers: [mailNotices] };
