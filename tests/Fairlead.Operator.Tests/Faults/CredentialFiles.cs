using Fairlead.Dev.Tailnet.Access;
using Fairlead.Operator.Configuration;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>The files from which operators take the credentials of the control plane.</summary>
internal sealed class CredentialFiles
{
    private readonly ApiClient _client;
    private DateTime _written = DateTime.UtcNow;

    public CredentialFiles(string folder, ApiClient client)
    {
        _client = client;
        IdPath = Path.Combine(folder, "client_id");
        SecretPath = Path.Combine(folder, "client_secret");
        WriteValid();
    }

    public string IdPath { get; }

    public string SecretPath { get; }

    public CredentialSettings Settings => new() { ClientIdFile = IdPath, ClientSecretFile = SecretPath };

    public void WriteValid()
    {
        Write(IdPath, _client.Id);
        Write(SecretPath, _client.Secret!);
    }

    /// <summary>Writes a file so that its time differs from the one before, however coarse the file system's clock is.</summary>
    public void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        _written += TimeSpan.FromSeconds(1);
        File.SetLastWriteTimeUtc(path, _written);
    }
}
