import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was charged to a saved card had no page of the sandbox, and can be paid back as well. */
export class SandboxRefunds1750000361000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE sandbox_refund DROP CONSTRAINT sandbox_refund_payment_id_fkey');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE sandbox_refund ADD CONSTRAINT sandbox_refund_payment_id_fkey
         FOREIGN KEY (payment_id) REFERENCES sandbox_payment (payment_id) NOT VALID`,
    );
  }
}
