/** What a person who runs a command is told, without a stack: what is wrong and what to do. */
export class Complaint extends Error {}
