using Microsoft.Win32.SafeHandles;

namespace Fairlead.Dev.Runner.Logs;

/// <summary>One file of a log. Its first <see cref="Length"/> bytes are whole lines; guarded by the log's lock.</summary>
internal sealed class LogSegment(long number, string path) : IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    public long Number { get; } = number;

    public string Path { get; } = path;

    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> line)
    {
        RandomAccess.Write(_file, line, Length);
        Length += line.Length;
    }

    /// <summary>Ends writing.</summary>
    public void Dispose() => _file.Dispose();
}
