namespace Fairlead.Kubernetes.Configuration;

/// <summary>Credentials that never change.</summary>
public sealed class StaticCredentialSource(Credentials credentials) : ICredentialSource
{
    public static StaticCredentialSource Anonymous { get; } = new(Credentials.Anonymous);

    public ValueTask<Credentials> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credentials);

    public void Reject(Credentials refused)
    {
    }
}
