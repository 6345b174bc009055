namespace Analytics.Infrastructure.Configuration;

/// <summary>A setting is missing, contradicts another or is invalid. The message is one sentence that names the key.</summary>
public sealed class ConfigurationException(string message) : Exception(message);
