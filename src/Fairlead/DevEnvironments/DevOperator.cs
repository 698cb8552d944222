using Fairlead.Kubernetes.Configuration;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Hosting;
using Fairlead.Tailscale.Authentication;
using Microsoft.Extensions.Logging;

namespace Fairlead.DevEnvironments;

/// <summary>One replica of the operator in this process.</summary>
internal sealed class DevOperator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly OperatorHost _host;

    public DevOperator(OperatorSettings settings, ProcessSettings process, ClusterConfiguration cluster, OAuthClientCredentials credentials, ILoggerFactory logging)
    {
        _host = new OperatorHost(settings, process, cluster, credentials, logging);
        Completion = Task.Run(() => _host.RunAsync(_stopping.Token));
    }

    /// <summary>Ends when the operator does; fails with what made it.</summary>
    public Task Completion { get; }

    /// <summary>Stops it as SIGTERM would; what it was doing ends, and a lease is given up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await Completion.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        finally
        {
            await _host.DisposeAsync().ConfigureAwait(false);
            _stopping.Dispose();
        }
    }
}
