using System.Text;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Tailnet.Tests.Control.Harness;

/// <summary>The server's end of a map stream.</summary>
internal sealed class ServedMapStream : IAsyncDisposable
{
    private readonly HttpContext _context;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _aborted;

    public ServedMapStream(HttpContext context, MapRequest request)
    {
        _context = context;
        Request = request;
        _aborted = context.RequestAborted.Register(() => _ended.TrySetResult());
    }

    public MapRequest Request { get; }

    /// <summary>Completes when one of both ended it.</summary>
    public Task Ended => _ended.Task;

    private MapCompression Compression => Request.Compress == MapRequest.Zstd ? MapCompression.Zstd : MapCompression.None;

    public Task SendAsync(MapResponse message) => SendRawAsync(MapFrame.Encode(message, Compression));

    public Task SendAsync(string json) => SendRawAsync(MapFrame.Encode(Encoding.UTF8.GetBytes(json), Compression));

    public async Task SendRawAsync(byte[] bytes)
    {
        await _context.Response.Body.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await _context.Response.Body.FlushAsync(TestContext.Current.CancellationToken);
    }

    public void End() => _ended.TrySetResult();

    public void Abort() => _context.Abort();

    public ValueTask DisposeAsync() => _aborted.DisposeAsync();
}
