using System.Net;

namespace Fairlead.Proxy.Managed;

/// <summary>One address of the cluster that traffic of the tailnet is led to, for as long as a rule says so.</summary>
internal sealed class IngressBackend : IDisposable
{
    private readonly CancellationTokenSource _withdrawn = new();

    public IngressBackend(IPAddress address)
    {
        Address = address;
        Withdrawn = _withdrawn.Token;
    }

    public IPAddress Address { get; }

    public CancellationToken Withdrawn { get; }

    /// <summary>Nothing leads here any more: flows of datagrams end.</summary>
    public async Task WithdrawAsync()
    {
        await _withdrawn.CancelAsync().ConfigureAwait(false);
        Dispose();
    }

    public void Dispose() => _withdrawn.Dispose();
}
