using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Derp;

/// <summary>A connection that is ready for traffic.</summary>
internal sealed record DerpConnection(Stream Stream, DerpFrameReader Reader) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        Reader.Dispose();
        await Stream.DisposeAsync().ConfigureAwait(false);
    }
}
