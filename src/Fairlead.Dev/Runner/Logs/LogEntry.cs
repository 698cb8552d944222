using System.Globalization;
using System.Text;

namespace Fairlead.Dev.Runner.Logs;

/// <summary>
/// One line of a log file, in the form of the container runtime interface: <c>TIME STREAM TAG TEXT</c>, where the tag tells
/// whether the line ended there (F) or goes on in the next entry (P).
/// </summary>
internal readonly ref struct LogEntry
{
    private const int TimeLength = 28;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private LogEntry(ReadOnlySpan<byte> time, bool isPartial, ReadOnlySpan<byte> text)
    {
        Time = time;
        IsPartial = isPartial;
        Text = text;
    }

    public ReadOnlySpan<byte> Time { get; }

    public bool IsPartial { get; }

    public ReadOnlySpan<byte> Text { get; }

    public DateTimeOffset Moment =>
        DateTimeOffset.ParseExact(Encoding.ASCII.GetString(Time), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <param name="line">Without its line feed.</param>
    public static LogEntry Parse(ReadOnlySpan<byte> line)
    {
        var rest = line[(TimeLength + 1)..];
        var tag = rest.IndexOf((byte)' ') + 1;
        return new LogEntry(line[..TimeLength], rest[tag] == (byte)'P', rest[(tag + 2)..]);
    }

    public static byte[] Format(DateTimeOffset time, string stream, bool isPartial, ReadOnlySpan<byte> text)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)} {stream} {(isPartial ? 'P' : 'F')} "));
        return [.. head, .. text, (byte)'\n'];
    }
}
