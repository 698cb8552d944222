namespace Fairlead.TailnetNodes.Proxying;

/// <summary>Where a proxy's client wants to go, and how it is answered.</summary>
internal interface IProxyRequest
{
    string Host { get; }

    int Port { get; }

    /// <summary>Tells the client that it is connected, and the target what the client has said already.</summary>
    Task AcceptAsync(Stream client, Stream target, CancellationToken cancellationToken);

    Task RefuseAsync(Stream client, string reason, CancellationToken cancellationToken);
}
