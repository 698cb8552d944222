namespace Fairlead.Proxy.Serving;

/// <summary>A port that is served until it is disposed of.</summary>
internal interface IServedPort : IAsyncDisposable;
