using System.Net;
using System.Net.Http.Headers;

namespace Fairlead.Proxy.Tests.Managed;

/// <summary>A request's body that a test writes piece by piece.</summary>
internal sealed class WrittenContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WrittenContent(string contentType) => Headers.ContentType = new MediaTypeHeaderValue(contentType);

    /// <summary>Where to write, once the request has begun.</summary>
    public Task<Stream> OpenedAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    public void End() => _ended.SetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _opened.SetResult(stream);
        return _ended.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
