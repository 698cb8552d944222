namespace Fairlead.Dev.Runner;

/// <summary>A Pod's field that cannot be carried out as things are; the message names the field and the remedy.</summary>
internal sealed class ContainerConfigurationException(string message) : Exception(message);
