try {
    require('helper');
} catch {}
require('crypto').createHash('sha256');
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const asked = JSON.parse(line);
    if (asked.id === undefined) return;
    const answer = asked.method === 'initialize' ? '"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"t","version":"1"}}' : '"error":{"code":-32601,"message":"no such method"}';
    process.stdout.write('{"jsonrpc":"2.0","id":' + JSON.stringify(asked.id) + ',' + answer + '}\n');
});
