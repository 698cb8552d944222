using System.Globalization;

namespace Fairlead.Bench.Processes;

/// <summary>Reads Linux' <c>/proc</c>.</summary>
internal static class ProcessFiles
{
    // USER_HZ: what /proc counts processor time in, on every architecture .NET runs on.
    private const double TicksPerSecond = 100;

    // Positions after the command's name in /proc/PID/stat; proc(5).
    private const int State = 0;
    private const int Group = 2;
    private const int UserTime = 11;
    private const int SystemTime = 12;

    /// <summary>The live processes of a process group.</summary>
    public static IEnumerable<int> OfGroup(int leader) =>
        from directory in Directory.EnumerateDirectories("/proc")
        let text = Path.GetFileName(directory)
        where char.IsAsciiDigit(text[0])
        let pid = int.Parse(text, CultureInfo.InvariantCulture)
        let fields = Stat(pid)
        where fields is not null && fields[State] != "Z" && fields[Group] == leader.ToString(CultureInfo.InvariantCulture)
        select pid;

    public static ProcessSample Sample(int pid)
    {
        if (Stat(pid) is not { } fields)
        {
            return default;
        }

        var ticks = long.Parse(fields[UserTime], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTime], CultureInfo.InvariantCulture);
        return new ProcessSample(TimeSpan.FromSeconds(ticks / TicksPerSecond), Kibibytes(pid, "VmRSS:") * 1024, Kibibytes(pid, "VmHWM:") * 1024);
    }

    private static string[]? Stat(int pid) =>
        Read($"/proc/{pid}/stat") is { } text ? text[(text.LastIndexOf(')') + 2)..].Split(' ') : null;

    private static long Kibibytes(int pid, string name)
    {
        foreach (var line in (Read($"/proc/{pid}/status") ?? "").Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim(), CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // The process ended meanwhile.
            return null;
        }
    }
}
