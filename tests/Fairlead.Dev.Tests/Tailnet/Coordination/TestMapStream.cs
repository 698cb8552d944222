using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

/// <summary>The messages of a map stream, one after the other.</summary>
internal sealed class TestMapStream(HttpResponseMessage response, Stream body, MapCompression compression) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly MapFrameReader _reader = new(body, compression);

    /// <summary>The next message; null at the end of the stream.</summary>
    public async Task<MapResponse?> NextAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        return await _reader.ReadAsync(limit.Token);
    }

    /// <summary>Reads on until a message is like this, and gives it.</summary>
    public async Task<MapResponse> UntilAsync(Func<MapResponse, bool> condition)
    {
        while (await NextAsync() is { } message)
        {
            if (condition(message)) return message;
        }
        throw new InvalidOperationException("The stream ended before what was waited for came.");
    }

    /// <summary>Reads on to the stream's orderly end.</summary>
    public async Task EndAsync()
    {
        while (await NextAsync() is not null)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        response.Dispose();
    }
}
