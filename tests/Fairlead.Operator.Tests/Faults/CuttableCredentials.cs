using Fairlead.Kubernetes.Configuration;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>Takes one replica off the network, so to speak: from some moment on none of its requests gets out.</summary>
internal sealed class CuttableCredentials(string token) : ICredentialSource
{
    private readonly Credentials _credentials = new() { BearerToken = token };
    private volatile bool _cut;

    public void Cut() => _cut = true;

    public ValueTask<Credentials> GetAsync(CancellationToken cancellationToken) =>
        _cut ? throw new CredentialException("cut off") : ValueTask.FromResult(_credentials);

    public void Reject(Credentials refused)
    {
    }
}
