using Fairlead.Tailnet.Control.Maps;

namespace Fairlead.Tailnet.Control.Sessions;

/// <summary>The newest network map.</summary>
/// <param name="Change">Against the map that this watcher got before.</param>
public sealed record NetworkMapUpdate(NetworkMap Map, NetworkMapChange Change);
