namespace Fairlead.Tailscale.Tests.Fixtures;

internal sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fairlead-tailscale-");
    private int _writes;

    public string PathOf(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>Writes the file with a time of its own, whatever the file system's resolution.</summary>
    public string Write(string name, string text)
    {
        var path = PathOf(name);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(++_writes));
        return path;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
