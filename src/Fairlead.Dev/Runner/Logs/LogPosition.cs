namespace Fairlead.Dev.Runner.Logs;

/// <summary>A place in a log: a segment and a byte in it.</summary>
internal readonly record struct LogPosition(long Segment, long Offset);
