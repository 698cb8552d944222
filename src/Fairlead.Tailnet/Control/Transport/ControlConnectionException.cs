namespace Fairlead.Tailnet.Control.Transport;

/// <summary>The coordination server could not be reached or did not prove to be the one expected.</summary>
public sealed class ControlConnectionException(string message, Exception? inner = null) : IOException(message, inner);
