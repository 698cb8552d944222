using System.Text.Json.Nodes;

namespace Fairlead.Tailscale.LocalApi;

/// <summary>A serve configuration as it was read.</summary>
/// <param name="Config">Kept as JSON, so that what a newer daemon has in it survives being changed and written back.</param>
/// <param name="ETag">Given back when writing, makes sure that nobody wrote in between.</param>
public sealed record ServeConfigReply(JsonObject Config, string ETag);
