using Microsoft.Extensions.Hosting;

namespace Fairlead.Dev.Tailnet;

/// <summary>Replaces the host's default, which would take Ctrl-C and SIGTERM away from the program that embeds the server.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
