"""What words give away: causes that blame, actions that promise nothing, leaks. Pure."""
