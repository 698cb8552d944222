namespace Fairlead.Kubernetes.Configuration;

/// <summary>Supplies credentials for each request; caching and renewal are its own business. Safe for concurrent use.</summary>
public interface ICredentialSource
{
    ValueTask<Credentials> GetAsync(CancellationToken cancellationToken);

    /// <summary>The server refused these credentials (401): the next <see cref="GetAsync"/> must not answer from a cache.</summary>
    void Reject(Credentials refused);
}
