using Fairlead.Kubernetes.Configuration;

namespace Fairlead.Kubernetes.Tests.Controllers;

/// <summary>A token, and a way to cut its holder off: while off, requests hang as they do on a broken network.</summary>
internal sealed class SwitchableCredentials(string token) : ICredentialSource
{
    private readonly Credentials _credentials = new() { BearerToken = token };

    public bool IsCutOff { get; set; }

    public async ValueTask<Credentials> GetAsync(CancellationToken cancellationToken)
    {
        if (IsCutOff)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return _credentials;
    }

    public void Reject(Credentials credentials)
    {
    }
}
