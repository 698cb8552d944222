namespace Fairlead.Tailscale.Authentication;

/// <summary>
/// One part of the credentials: a value, or a file that is read whenever it is needed. White space around it is no part of it.
/// </summary>
public sealed class CredentialText
{
    // Client secrets have some 60 bytes and identity tokens up to a few KiB; a larger file is the wrong file.
    private const int MaxFileBytes = 64 * 1024;

    private readonly string? _path;
    private readonly SecretText? _value;

    private CredentialText(string? path, SecretText? value)
    {
        _path = path;
        _value = value;
    }

    public static CredentialText FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new CredentialText(path, null);
    }

    /// <param name="value">The text; may be empty, which is reported once it is used.</param>
    public static CredentialText FromValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var trimmed = value.Trim();
        return new CredentialText(null, trimmed.Length == 0 ? null : new SecretText(trimmed));
    }

    public override string ToString() => _path is null ? "a given value" : $"file {_path}";

    /// <summary>Changes with the file. Mounted Secrets are swapped by a symbolic link, which the target's time shows.</summary>
    internal string Version
    {
        get
        {
            if (_path is null) return "";
            try
            {
                var target = File.ResolveLinkTarget(_path, returnFinalTarget: true) ?? (FileSystemInfo)new FileInfo(_path);
                return target.Exists ? $"{target.FullName}:{target.LastWriteTimeUtc.Ticks}" : "none";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return "unreadable";
            }
        }
    }

    /// <param name="what">What the text is, for messages: "OAuth client secret".</param>
    /// <param name="remedy">What to do when it is not there, as a sentence.</param>
    /// <param name="ct">Ends reading.</param>
    internal async ValueTask<SecretText> ReadAsync(string what, string remedy, CancellationToken ct)
    {
        if (_path is null)
        {
            return _value ?? throw new TailscaleCredentialException(CredentialProblem.Empty, $"The {what} is empty. {remedy}");
        }
        var text = (await ReadFileAsync(_path, what, remedy, ct)).Trim();
        if (text.Length == 0)
        {
            throw new TailscaleCredentialException(CredentialProblem.Empty, $"The {what} file {_path} is empty. {remedy}");
        }
        if (text.Any(char.IsWhiteSpace) || text.Any(char.IsControl))
        {
            throw new TailscaleCredentialException(
                CredentialProblem.Malformed,
                $"The {what} file {_path} holds more than one word; it must hold the {what} and nothing else. {remedy}");
        }
        return new SecretText(text);
    }

    private static async Task<string> ReadFileAsync(string path, string what, string remedy, CancellationToken ct)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxFileBytes })
            {
                throw new TailscaleCredentialException(
                    CredentialProblem.Malformed, $"The {what} file {path} is larger than {MaxFileBytes} bytes. {remedy}");
            }
            return await File.ReadAllTextAsync(path, ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TailscaleCredentialException(CredentialProblem.Missing, $"The {what} file {path} is missing. {remedy}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TailscaleCredentialException(
                CredentialProblem.Unreadable, $"The {what} file {path} cannot be read: {e.Message} {remedy}", e);
        }
    }
}
