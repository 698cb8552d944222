namespace Fairlead.Dev.Runner.Logs;

/// <summary>A stretch of a log that can be read now.</summary>
/// <param name="End">Byte of the segment's file up to which there are whole lines.</param>
/// <param name="IsLast">No segment follows yet.</param>
/// <param name="Ended">Nothing will be added.</param>
/// <param name="Changed">Completes with the next addition.</param>
internal sealed record LogExtent(string Path, LogPosition From, long End, bool IsLast, bool Ended, Task Changed);
