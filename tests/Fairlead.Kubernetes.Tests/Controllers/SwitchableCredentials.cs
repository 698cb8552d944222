using Fairlead.Kubernetes.Configuration;

namespace Fairlead.Kubernetes.Tests.Controllers;

/// <summary>Somebody's credentials, and a way to cut their holder off: while off, requests hang as they do on a broken network.</summary>
internal sealed class SwitchableCredentials(ICredentialSource source) : ICredentialSource
{
    public bool IsCutOff { get; set; }

    /// <summary>What asking for credentials ends in; null: in them.</summary>
    public CredentialException? Failure { get; set; }

    public async ValueTask<Credentials> GetAsync(CancellationToken cancellationToken)
    {
        if (IsCutOff)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return Failure is { } failure ? throw failure : await source.GetAsync(cancellationToken);
    }

    public void Reject(Credentials refused) => source.Reject(refused);
}
