use strict;
$| = 1;
while (my $line = <STDIN>) {
    next unless $line =~ /"id":\s*("[^"]*"|\d+)/;
    my $id = $1;
    my $answer = $line =~ /"initialize"/ ? '"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"t","version":"1"}}' : '"error":{"code":-32601,"message":"no such method"}';
    print '{"jsonrpc":"2.0","id":', $id, ',', $answer, "}\n";
}
