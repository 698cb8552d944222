namespace Fairlead.Proxy.Tailscaled.Login;

/// <summary>A file that holds a secret while a program reads it: others on the machine can see arguments, but not this.</summary>
internal sealed class SecretFile : IDisposable
{
    private readonly string _path;

    /// <param name="folder">Where this process may write.</param>
    public SecretFile(string folder, string secret)
    {
        _path = Path.Combine(folder, $".login-{Guid.NewGuid():n}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(_path, options);
        writer.Write(secret);
    }

    /// <summary>What the command line takes in the secret's place.</summary>
    public string Reference => $"file:{_path}";

    public void Dispose() => File.Delete(_path);
}
