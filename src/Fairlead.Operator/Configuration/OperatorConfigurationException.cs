namespace Fairlead.Operator.Configuration;

/// <summary>The operator was configured in a way it cannot start with. The message names the setting and the remedy.</summary>
public sealed class OperatorConfigurationException(string message) : Exception(message);
