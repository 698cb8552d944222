namespace Fairlead.Verbs;

/// <summary>The two files that an operator reads an OAuth client's credentials from.</summary>
internal sealed record CredentialFiles(string ClientId, string ClientSecret)
{
    public static CredentialFiles Write(string directory, string clientId, string clientSecret)
    {
        var full = Path.GetFullPath(directory);
        Directory.CreateDirectory(full);
        var files = new CredentialFiles(Path.Combine(full, "client_id"), Path.Combine(full, "client_secret"));
        WritePrivate(files.ClientId, clientId);
        WritePrivate(files.ClientSecret, clientSecret);
        return files;
    }

    private static void WritePrivate(string path, string text)
    {
        // A file that exists keeps its mode, and may be readable by others.
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
