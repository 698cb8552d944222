using Microsoft.Extensions.Hosting;

namespace Fairlead.Dev.Cluster;

/// <summary>
/// The server lives as long as its <see cref="EmbeddedCluster"/>: signals to the process are its host's to handle, not this
/// server's.
/// </summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
