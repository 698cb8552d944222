namespace Fairlead.Proxy.Serving;

/// <summary>A port that is served until it is disposed of.</summary>
internal interface IServedPort : IAsyncDisposable
{
    /// <summary>Ends when the port is listened on, or cannot be; never fails.</summary>
    Task Listening { get; }
}
