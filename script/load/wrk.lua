-- What script/bench wants of wrk: its figures as one line, and, when PACE is set, that many
-- milliseconds of pause before each request of a connection.

local pace = tonumber(os.getenv("PACE") or "")
if pace then
  delay = function() return pace end
end

done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "\nRESULT %d %d %d %d %d %d %d %d %d %d\n",
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(90), latency:percentile(99),
    errors.status, errors.connect, errors.read + errors.write, errors.timeout))
end
