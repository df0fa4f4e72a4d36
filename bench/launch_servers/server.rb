$stdout.sync = true
STDIN.each_line do |line|
  next unless line =~ /"id":\s*("[^"]*"|\d+)/
  id = Regexp.last_match(1)
  answer = line.include?('"initialize"') ? '"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"t","version":"1"}}' : '"error":{"code":-32601,"message":"no such method"}'
  puts '{"jsonrpc":"2.0","id":' + id + ',' + answer + '}'
end
