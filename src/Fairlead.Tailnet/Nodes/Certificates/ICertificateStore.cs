using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>
/// Where a node keeps its certificates, and the key of its account at the certificate authority, between runs. Keys are secret. Other than
/// the node's identity they may be shared: by nodes that serve the same name, or that use the same account.
/// </summary>
public interface ICertificateStore
{
    /// <summary>The private key and the chain, both as PEM; null if there is no certificate for the name.</summary>
    /// <exception cref="NodeStateException">The store cannot be read.</exception>
    ValueTask<(string KeyPem, string ChainPem)?> ReadAsync(string domain, CancellationToken cancellationToken);

    /// <summary>Replaces a name's certificate.</summary>
    /// <exception cref="NodeStateException">The store cannot be written.</exception>
    ValueTask WriteAsync(string domain, string keyPem, string chainPem, CancellationToken cancellationToken);

    /// <summary>The account's key as PEM; null if there is none yet.</summary>
    /// <exception cref="NodeStateException">The store cannot be read.</exception>
    ValueTask<string?> ReadAccountKeyAsync(CancellationToken cancellationToken);

    /// <summary>Keeps the key of a new account.</summary>
    /// <returns>The key to use: another's, who was faster, or this one.</returns>
    /// <exception cref="NodeStateException">The store cannot be written.</exception>
    ValueTask<string> AddAccountKeyAsync(string keyPem, CancellationToken cancellationToken);
}
