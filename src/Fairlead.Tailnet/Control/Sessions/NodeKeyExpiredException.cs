namespace Fairlead.Tailnet.Control.Sessions;

/// <summary>The node's key has expired; a new one must be registered.</summary>
internal sealed class NodeKeyExpiredException() : Exception("The node's key has expired.");
