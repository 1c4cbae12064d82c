export default async function tearDown() {
  const { stopServices } = await import('../packages/testkit/dist/services/global-setup.js');
  await stopServices();
}
