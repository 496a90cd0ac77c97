// What Lambda's Node.js runtime does, as far as a handler sees it: loads the bundle, then calls the handler with one event after another. The bundle is the
// argument; events come in and answers go out over the channel to the parent. Plain JavaScript, so that nothing but the bundle takes time to load.
const beganMs = nowMs();
const { handler } = await import(process.argv[2] ?? '');
const importedMs = nowMs();

process.on('message', ({ id, event, ...invocation }) => {
  const told = (answer) => process.send?.({ id, ...answer });
  // Within a promise, so that a handler that throws before it returns one is answered too.
  Promise.resolve()
    .then(() => handler(event, contextOf(`${id}`, invocation)))
    .then(
      (result) => told({ result: result ?? null }),
      (thrown) => {
        const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
        told({ error: { name, message } });
      },
    );
});
process.once('disconnect', () => process.exit());
process.send?.({ beganMs, importedMs });

function nowMs() {
  return performance.timeOrigin + performance.now();
}

function contextOf(awsRequestId, { functionName, deadlineMs }) {
  return {
    awsRequestId,
    functionName,
    functionVersion: '1',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '1024',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}
