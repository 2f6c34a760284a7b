import { personalDataOf, type PersonalTable } from '@lyceum/platform';

/*
 * Reputation knows members by ids alone. Points and metrics of others were counted from what a member did, and replay
 * must give the same again; once identity has erased the name, the ids say nothing of a person.
 */

const counted = {
  kind: 'keep',
  because: 'points and metrics were counted from it; it holds ids, kinds and numbers',
} as const;
const ofCommunity = { kind: 'keep', because: "the community's rules and alerts, by ids" } as const;
const isMembers = 't.member_id = ANY($2)';

/** Everything reputation holds about a person; a test fails when a table is missing here. */
export const personalTables: readonly PersonalTable[] = [
  {
    table: 'activity_log',
    isAbout: 't.actor_id = ANY($2) OR t.subject_author_id = ANY($2)',
    key: 't.event_id::text',
    onErasure: counted,
  },
  { table: 'point_entry', isAbout: isMembers, onErasure: counted },
  {
    table: 'member_day',
    isAbout: isMembers,
    key: 't.member_id::text || t.day',
    onErasure: counted,
  },
  { table: 'member_standing', isAbout: isMembers, key: 't.member_id::text', onErasure: counted },
  {
    table: 'engagement_active',
    isAbout: isMembers,
    key: 't.community_id::text || t.day || t.member_id::text',
    onErasure: counted,
  },
  { table: 'engagement_member', isAbout: isMembers, key: 't.member_id::text', onErasure: counted },
  {
    table: 'engagement_post',
    isAbout: 't.author_id = ANY($2)',
    key: 't.community_id::text || t.id',
    onErasure: counted,
  },
  {
    table: 'engagement_topic_active',
    isAbout: isMembers,
    key: 't.community_id::text || t.tag || t.day || t.member_id::text',
    onErasure: counted,
  },
  { table: 'behaviour_event', isAbout: isMembers, key: 't.event_id::text', onErasure: counted },
  {
    table: 'behaviour_member_day',
    isAbout: isMembers,
    key: 't.community_id::text || t.day || t.member_id::text',
    onErasure: counted,
  },
  {
    table: 'member_behaviour',
    isAbout: isMembers,
    key: 't.member_id::text || t.behaviour',
    onErasure: counted,
  },
  { table: 'revenue_entry', isAbout: isMembers, key: 't.source', onErasure: counted },
  {
    table: 'interest_weights',
    isAbout: 't.set_by = $1',
    key: 't.community_id::text || t.version',
    onErasure: ofCommunity,
  },
  {
    table: 'badge_award',
    isAbout: isMembers,
    key: 't.member_id::text || t.badge || t.subject_id',
    onErasure: counted,
  },
  {
    table: 'gift_redemption',
    isAbout: `${isMembers} OR t.decided_by = ANY($2)`,
    onErasure: { kind: 'clear', set: 'note = NULL, idempotency_key = NULL' },
  },
  {
    table: 'contest_entry',
    isAbout: isMembers,
    onErasure: {
      kind: 'clear',
      set: `title = '', body = NULL, link = NULL, post_type = NULL, post_id = NULL, answers = NULL, why = NULL,
        removed_because = NULL, idempotency_key = NULL`,
    },
  },
  {
    table: 'contest_juror',
    isAbout: isMembers,
    key: 't.contest_id::text || t.member_id::text',
    onErasure: counted,
  },
  {
    table: 'contest_score',
    isAbout: 't.juror_id = ANY($2)',
    key: 't.entry_id::text || t.juror_id::text || t.criterion',
    onErasure: counted,
  },
  {
    table: 'contest_vote',
    isAbout: 't.voter_id = ANY($2)',
    key: 't.entry_id::text || t.voter_id::text',
    onErasure: counted,
  },
  { table: 'award_program', isAbout: 't.created_by = ANY($2)', onErasure: ofCommunity },
  { table: 'award', isAbout: 't.decided_by = ANY($2)', onErasure: ofCommunity },
  { table: 'award_winner', isAbout: isMembers, onErasure: counted },
  {
    table: 'thanks',
    isAbout: 't.giver_id = ANY($2) OR t.receiver_id = ANY($2) OR t.removed_by = ANY($2)',
    onErasure: {
      kind: 'clear',
      set: `text = '', subject_type = '', subject_id = id::text, removed_because = NULL`,
    },
  },
  {
    table: 'thanks_report',
    isAbout: 't.reporter_id = ANY($2)',
    key: 't.thanks_id::text || t.reporter_id::text',
    onErasure: { kind: 'delete' },
  },
  { table: 'title', isAbout: 't.created_by = ANY($2)', onErasure: ofCommunity },
  {
    table: 'title_grant',
    isAbout: `${isMembers} OR t.granted_by = ANY($2) OR t.revoked_by = ANY($2)`,
    onErasure: { kind: 'clear', set: `reason = '', revoked_because = NULL` },
  },
  {
    table: 'featured_member',
    isAbout: isMembers,
    key: 't.community_id::text || t.week',
    onErasure: { kind: 'delete' },
  },
  { table: 'contest_prize', isAbout: isMembers, onErasure: counted },
  { table: 'contest', isAbout: 't.created_by = ANY($2)', onErasure: ofCommunity },
  {
    table: 'member_privileges',
    isAbout: isMembers,
    key: 't.member_id::text',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'member_trust',
    isAbout: isMembers,
    key: 't.member_id::text',
    onErasure: { kind: 'delete' },
  },
  { table: 'rating', isAbout: 't.rater_id = ANY($2)', onErasure: counted },
  {
    table: 'replay_position',
    isAbout: isMembers,
    key: 't.community_id::text',
    onErasure: counted,
  },
  {
    table: 'member_weight',
    isAbout: isMembers,
    key: 't.member_id::text',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'referral',
    isAbout: 't.inviter_id = ANY($2) OR t.invitee_id = ANY($2)',
    onErasure: counted,
  },
  { table: 'referred_order', isAbout: 't.invitee_id = ANY($2)', onErasure: counted },
  { table: 'fair_play_case', isAbout: 't.dismissed_by = ANY($2)', onErasure: ofCommunity },
  {
    table: 'rule_simulation_member',
    isAbout: isMembers,
    key: 't.simulation_id::text || t.member_id::text',
    onErasure: { kind: 'delete' },
  },
  { table: 'rule_draft', isAbout: 't.edited_by = ANY($2)', onErasure: ofCommunity },
  { table: 'rule_simulation', isAbout: 't.requested_by = ANY($2)', onErasure: ofCommunity },
  {
    table: 'rule_set',
    isAbout: 't.activated_by = ANY($2)',
    key: 't.community_id::text || t.version',
    onErasure: ofCommunity,
  },
  { table: 'alert_rule', isAbout: 't.created_by = $1', onErasure: ofCommunity },
  {
    table: 'analytics_consent',
    isAbout: 't.account_id = $1',
    key: 't.account_id::text',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'replay_position',
    isAbout: isMembers,
    key: 't.community_id::text',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'download_ticket',
    isAbout: 't.account_id = $1',
    key: `encode(t.token_hash, 'hex')`,
    leftOut: ['token_hash'],
    onErasure: { kind: 'delete' },
  },
];

export const personalData = personalDataOf({
  part: 'reputation',
  destination: 'reputation-incentives',
  tables: personalTables,
});
