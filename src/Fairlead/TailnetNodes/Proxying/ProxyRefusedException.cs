namespace Fairlead.TailnetNodes.Proxying;

/// <summary>A proxy's client asks for something that is not to be had.</summary>
internal sealed class ProxyRefusedException(string message) : Exception(message);
