using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Tailscale.LocalApi;

/// <summary>Numbers and names both; what is neither, of a newer daemon, is no state.</summary>
internal sealed class BackendStateConverter : JsonConverter<BackendState>
{
    public override BackendState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt32(out var number) && number is >= 0 and <= (int)BackendState.Running => (BackendState)number,
        JsonTokenType.Number => BackendState.NoState,
        JsonTokenType.String => Named(reader.GetString()!),
        _ => throw new JsonException("A state is a number or a name."),
    };

    public override void Write(Utf8JsonWriter writer, BackendState value, JsonSerializerOptions options) => writer.WriteNumberValue((int)value);

    private static BackendState Named(string name) => name switch
    {
        "InUseOtherUser" => BackendState.InUseOtherUser,
        "NeedsLogin" => BackendState.NeedsLogin,
        "NeedsMachineAuth" => BackendState.NeedsMachineAuth,
        "Stopped" => BackendState.Stopped,
        "Starting" => BackendState.Starting,
        "Running" => BackendState.Running,
        _ => BackendState.NoState,
    };
}
