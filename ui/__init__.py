"""What a person sees. Widgets ask; services do."""
