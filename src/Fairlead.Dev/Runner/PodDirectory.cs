namespace Fairlead.Dev.Runner;

/// <summary>The folders of one Pod on this machine; readable by the owner alone, since Secrets are in there.</summary>
internal sealed class PodDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _path;

    public PodDirectory(string path)
    {
        _path = path;
        CreatePrivate(path);
        Directory.CreateDirectory(Logs);
    }

    public string Logs => Path.Combine(_path, "logs");

    public string Volume(string name) => Path.Combine(_path, "volumes", name);

    /// <summary>What a container sees as its root folder.</summary>
    public string Root(string container) => Path.Combine(_path, "containers", container);

    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }

    public void Delete()
    {
        try
        {
            Directory.Delete(_path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that outlived its group may still write there; the work directory goes as a whole later.
        }
    }
}
