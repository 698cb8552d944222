namespace Fairlead.Operator.Connectors;

/// <summary>Reasons of the condition and the Events of Connectors. Wire contract with upstream.</summary>
internal static class ConnectorReasons
{
    public const string Created = "ConnectorCreated";
    public const string Creating = "ConnectorCreating";
    public const string CreationFailed = "ConnectorCreationFailed";
    public const string Invalid = "ConnectorInvalid";
}
